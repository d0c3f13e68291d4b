"""Where a pinned file is: the package index that pip on this machine is set up to use.

Reads the simple repository API (PEP 503 as HTML, PEP 691 as JSON). No address is written here.
"""

import ast
import html.parser
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

from problem import Problem

ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
TIMEOUT = 60  # seconds without a byte before a connection counts as broken


def pip_settings():
    """What pip is told by its files and by PIP_ variables: {"index-url": ..., "cert": ...}."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], text=True,
                            capture_output=True, check=False)
    if listed.returncode:
        raise Problem("Python's pip is missing, which knows the package index to download from. "
                      "On Debian: apt-get install python3-pip")
    settings = {}
    # Later sections are closer to the person: the environment wins over a command's own section.
    for section in ("global", "install", "download", ":env:"):
        for line in listed.stdout.splitlines():
            key, _, value = line.partition("=")
            if key.startswith(section + "."):
                settings[key[len(section) + 1:]] = ast.literal_eval(value)
    return settings


def pip_default_index():
    from pip._internal.models.index import PyPI
    return PyPI.simple_url


class Index:
    """Finds files by package and name, and opens addresses the way pip would.

    `patience` scales the pauses after a broken connection; tests have none.
    """

    def __init__(self, settings=None, patience=1):
        self.patience = patience
        self.settings = pip_settings() if settings is None else settings
        address = self.settings.get("index-url") or pip_default_index()
        parts = urllib.parse.urlsplit(address)
        self.host = parts.hostname
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2])
        self.address = urllib.parse.urlunsplit(bare).rstrip("/")
        handlers = [urllib.request.HTTPSHandler(context=self._certificates())]
        if "proxy" in self.settings:
            proxy = self.settings["proxy"]
            handlers.append(urllib.request.ProxyHandler({"http": proxy, "https": proxy}))
        if parts.username:
            passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
            passwords.add_password(None, urllib.parse.urljoin(self.address, "/"),
                                   urllib.parse.unquote(parts.username),
                                   urllib.parse.unquote(parts.password or ""),
                                   is_authenticated=True)
            handlers.append(urllib.request.HTTPBasicAuthHandler(passwords))
        self.opener = urllib.request.build_opener(*handlers)

    def _certificates(self):
        bundle = self.settings.get("cert")
        for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            bundle = bundle or os.environ.get(variable)
        return ssl.create_default_context(cafile=bundle)  # else the system's, or SSL_CERT_FILE

    def open(self, address, headers=None):
        request = urllib.request.Request(address, headers=headers or {})
        return self.opener.open(request, timeout=TIMEOUT)

    def local_copy(self, file):
        """The file in a folder that pip's find-links names, or None."""
        for word in str(self.settings.get("find-links", "")).split():
            candidate = pathlib.Path(word.removeprefix("file://")) / file
            if candidate.is_file():
                return candidate
        return None

    def find(self, package, file):
        """The address of a file on the package's page."""
        page = f"{self.address}/{re.sub(r'[-_.]+', '-', package).lower()}/"
        try:
            with self.open(page, {"Accept": ACCEPT}) as answer:
                base, text = answer.geturl(), answer.read().decode()
                is_json = "json" in answer.headers.get_content_type()
        except urllib.error.HTTPError as error:
            raise Problem(f"The package index has no page for {package} (HTTP status {error.code})."
                          f" It asked {self.host}; pip's index-url says where to ask.") from error
        files = _files_of_json(text) if is_json else _files_of_html(text)
        if file not in files:
            raise Problem(f"The package index at {self.host} has no file {file}. NaNscope needs "
                          "exactly this one; pip's index-url says where to ask.")
        return urllib.parse.urljoin(base, files[file])


def _files_of_json(text):
    return {entry["filename"]: entry["url"] for entry in json.loads(text)["files"]}


def _files_of_html(text):
    files = {}

    class Links(html.parser.HTMLParser):
        def handle_starttag(self, tag, attributes):
            address = dict(attributes).get("href") if tag == "a" else None
            if address:
                path = urllib.parse.urlsplit(address).path
                files[urllib.parse.unquote(path.rpartition("/")[2])] = address

    Links().feed(text)
    return files
