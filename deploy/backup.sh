#!/bin/sh
# Write a backup and see that it can be restored: into an empty database of its own, whose audit
# trail must be whole. A backup that cannot be restored is not kept as one.
#
#   deploy/backup.sh FOLDER [DAYS]     backups older than DAYS (35) are deleted after a good one
set -eu
umask 077
folder=$1
days=${2:-35}
noriai=${PROGRAM:-$(dirname "$0")/../.venv/bin/noriai}
name=noriai-$(date +%Y%m%dT%H%M%S).zip

mkdir -p "$folder"
check=$(mktemp -d)
trap 'rm -rf "$check" "$folder/$name.unchecked"' EXIT
trap 'exit 1' INT TERM

"$noriai" backup "$folder/$name.unchecked"
NORIAI_DATABASE_URL="sqlite:///$check/restored.db"
export NORIAI_DATABASE_URL
"$noriai" restore "$folder/$name.unchecked"
"$noriai" audit verify
mv "$folder/$name.unchecked" "$folder/$name"
echo "$folder/$name: 復元できることと監査記録を確かめました。"
find "$folder" -maxdepth 1 -name 'noriai-*.zip' -type f -mtime "+$days" -delete
