-- 乗合 Noriai: who may do what in PostgreSQL. Once, as a superuser, in the database it is for; run
-- again, it changes the passwords.
--
--   createdb noriai
--   OWNER_PASSWORD=… PROGRAM_PASSWORD=… psql -d noriai -f deploy/postgresql/roles.sql
--
-- noriai_owner  owns the tables. For the first start and for a new release, nothing else:
--               NORIAI_DATABASE_URL=postgresql+psycopg://noriai_owner:…@host/noriai noriai init
-- noriai        what the servers, backup and purge run as. It owns nothing, so it can drop no table
--               and disable no trigger; it inserts, and changes or deletes in the few tables whose
--               rows change. `noriai init` grants noriai_program what each table allows.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv program_password PROGRAM_PASSWORD
BEGIN;

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['noriai_owner', 'noriai_program', 'noriai']) AS name
 WHERE name NOT IN (SELECT rolname FROM pg_roles)
\gexec
ALTER ROLE noriai_program NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE noriai_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  PASSWORD :'owner_password';
ALTER ROLE noriai LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  PASSWORD :'program_password';
GRANT noriai_program TO noriai;

SELECT current_database() AS database
\gset
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO noriai_owner, noriai_program;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO noriai_owner;
GRANT USAGE ON SCHEMA public TO noriai_program;

COMMIT;
