# Metadata only: this stub cannot be built.
EAPI=8
# app-backup/borgbackup-1.4.1
