# sys-libs/zlib-1.3
EAPI=8
