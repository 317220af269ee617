# Metadata only: this stub cannot be built.
EAPI=8
# media-video/ffmpeg-7.1.2
