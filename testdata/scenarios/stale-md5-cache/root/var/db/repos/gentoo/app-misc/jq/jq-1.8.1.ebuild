# edited
EAPI=8
