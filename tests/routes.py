"""Every route of the API: method, pattern, an address that it answers, role, expected status."""

from commitments.api.views import PATHS

API = "/api/v1/"
ONE_OF_EACH = {
    "actor": "mexico",
    "office": "landau-ambassador",
    "occasion": "landau-conference",
    "source": "landau-equipment-2021",
    "passage": "psg_01m80n3abze7j93g2xh1er2dka",
    "claim": "clm_01m80n3ac0ezqtxqm458e2tq5v",
    "commitment": "equipment-donation",
    "status_change": "sch_01m80n3ac2e9d9zrca8nv6ja8g",
}


def _of_noun(noun: str, one: str) -> list[tuple[str, str]]:
    words = PATHS[noun]
    return [
        (f"{words}/", f"{words}/"),
        (f"{words}/<str:id>/", f"{words}/{one}/"),
        (f"{words}/<str:id>/timemap/", f"{words}/{one}/timemap/"),
        (f"{words}/<str:id>/versions/", f"{words}/{one}/versions/"),
        (f"{words}/<str:id>/versions/<str:n>/", f"{words}/{one}/versions/1/"),
    ]


_ADDRESSES = [
    ("", ""),
    *(pair for noun, one in ONE_OF_EACH.items() for pair in _of_noun(noun, one)),
    ("vocabularies/", "vocabularies/"),
    ("vocabularies/<str:scheme>/", "vocabularies/kind/"),
    ("vocabularies/<str:scheme>/<str:slug>/", "vocabularies/kind/extradition/"),
    ("vocabularies/<str:scheme>/<str:slug>/timemap/", "vocabularies/kind/extradition/timemap/"),
    ("vocabularies/<str:scheme>/<str:slug>/versions/", "vocabularies/kind/extradition/versions/"),
    ("vocabularies/<str:scheme>/<str:slug>/versions/<str:n>/", "vocabularies/kind/extradition/versions/1/"),
    ("commitments/<str:id>/claims/", "commitments/equipment-donation/claims/"),
    ("commitments/<str:id>/status-changes/", "commitments/equipment-donation/status-changes/"),
    ("commitments/<str:id>/provenance/", "commitments/equipment-donation/provenance/"),
    ("claims/<str:id>/provenance/", "claims/clm_01m80n3ac0ezqtxqm458e2tq5v/provenance/"),
    ("changes/", "changes/"),
    ("changes/<str:seq>/", "changes/1/"),
    ("rubric/", "rubric/"),
    ("openapi.json", "openapi.json"),
]
_ANSWERS = (("GET", 200), ("HEAD", 200), ("OPTIONS", 204), ("POST", 405), ("DELETE", 405))
# Outside the document: where people begin.
FOR_PEOPLE = [
    (method, address, address, "anyone", status)
    for address in ("/api/", "/api/console/")
    for method, status in _ANSWERS
]
ROUTES = [
    (method, API + pattern, API + address, "anyone", status)
    for pattern, address in _ADDRESSES
    for method, status in _ANSWERS
]
