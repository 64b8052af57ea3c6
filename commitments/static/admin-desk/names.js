/* Select2 tells a screen reader the value of its boxes and not what they are for: each gets its label's name. */
"use strict";
{
  let numbers = 0;

  const labelOf = (select) => {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (label && !label.id) {
      numbers += 1;
      label.id = `desk-label-${numbers}`;
    }
    return label;
  };

  const nameBoxes = (container) => {
    const select = container.previousElementSibling;
    const label = select && select.tagName === "SELECT" ? labelOf(select) : null;
    if (!label) {
      return;
    }
    for (const box of container.querySelectorAll(".select2-selection, [role=textbox], [role=searchbox]")) {
      const value = box.matches(".select2-selection--single") ? ` select2-${select.id}-container` : "";
      box.setAttribute("aria-labelledby", label.id + value);
    }
    /* The cross that empties the box stands among the items of a list, and is none by itself. */
    container.querySelector("ul > .select2-selection__clear")?.setAttribute("role", "listitem");
  };

  const nameAll = () => document.querySelectorAll(".select2-container").forEach(nameBoxes);

  /* Select2 comes after this script, and again with each part that is added to a form. */
  new MutationObserver(nameAll).observe(document, { childList: true, subtree: true });
}
