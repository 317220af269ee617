"""Fetch a URI (with user name and password, if it has them) into a file."""
import base64
import sys
import urllib.parse
import urllib.request

uri, path = sys.argv[1:]
parts = urllib.parse.urlsplit(uri)
secret, _, host = parts.netloc.rpartition("@")
request = urllib.request.Request(parts._replace(netloc=host).geturl())
if secret:
    request.add_header("Authorization", "Basic " + base64.b64encode(secret.encode()).decode())
with urllib.request.urlopen(request) as answer, open(path, "wb") as file:
    file.write(answer.read())
