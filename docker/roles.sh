#!/bin/bash
# Run once by PostgreSQL's image as the superuser, when the cluster is made. Two roles: tracker_owner owns the
# database and every table that a migration makes; tracker_app serves and may do what the migrations grant it,
# so that no fault of the application can alter a table, drop a guard or disable a trigger.
# Not executable on purpose: the image then sources it, so it must leave the shell's options as they are.

secret() { # file, fallback
  if [ -s "/run/secrets/$1" ]; then cat "/run/secrets/$1"; else printf '%s' "$2"; fi
}

make_roles() {
  local owner app
  owner=$(secret owner_password "${OWNER_PASSWORD:-}")
  app=$(secret app_password "${APP_PASSWORD:-}")
  if [ -z "$owner" ] || [ -z "$app" ]; then
    echo "secrets/owner_password and secrets/app_password, or OWNER_PASSWORD and APP_PASSWORD, are needed." >&2
    return 1
  fi
  OWNER_PASSWORD=$owner APP_PASSWORD=$app \
    psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
CREATE ROLE tracker_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE tracker_app LOGIN PASSWORD :'app_password';
ALTER DATABASE :"DBNAME" OWNER TO tracker_owner;
ALTER SCHEMA public OWNER TO tracker_owner;
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO tracker_app;
GRANT USAGE ON SCHEMA public TO tracker_app;
SQL
}

make_roles
