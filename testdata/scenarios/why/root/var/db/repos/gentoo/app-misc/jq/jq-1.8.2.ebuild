# app-misc/jq-1.8.2
EAPI=8
