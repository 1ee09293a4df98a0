"""Serves a checkout of web-platform-tests with its own server (tools/wptserve), under localhost and two free ports, as
far as tests without a document need it. Prints {"ports": [...]} as a line, and ends when standard input does.
"""
import json
import logging
import os
import sys
import uuid

# The tests' host names of other sites: nobody listens there.
SUBDOMAINS = {"www", "www1", "www2"}


def main(suite):
    sys.path.insert(0, os.path.join(suite, "tools"))
    import localpaths  # noqa: F401: it adds the rest
    from wptserve import config, handlers, server, stash
    from wptserve.utils import get_port

    logging.basicConfig(level=logging.CRITICAL)
    ports = [get_port("localhost"), get_port("localhost")]
    builder = config.ConfigBuilder(
        logging.getLogger(),
        subdomains=SUBDOMAINS,
        browser_host="localhost",
        alternate_hosts={"alt": "127.0.0.1"},
        doc_root=suite,
        ports={"http": ports},
        check_subdomains=False,
        logging={"level": "critical", "suppress_handler_traceback": True},
    )
    # Names that scripts with substitutions mention, of servers that there are not.
    unserved = {"https": [1, 1], "ws": [1], "wss": [1], "h2": [1]}
    routes = [
        ("GET", "*.asis", handlers.AsIsHandler(base_path=None, url_base="/")),
        ("*", "*.py", handlers.PythonScriptHandler(base_path=None, url_base="/")),
        ("GET", "*", handlers.FileHandler(base_path=None, url_base="/")),
    ]
    with builder as known, stash.StashServer(None, authkey=str(uuid.uuid4())):
        settings = config.Config({**vars(known), "ports": {"http": ports, **unserved}})
        servers = [
            server.WebTestHttpd(host="localhost", port=port, doc_root=suite, routes=routes, config=settings)
            for port in ports
        ]
        for each in servers:
            each.start()
        print(json.dumps({"ports": ports}), flush=True)
        sys.stdin.read()
        for each in servers:
            each.stop()


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
