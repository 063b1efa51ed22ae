"""moto, answering one request after the other: moto_in_turn.py PORT

moto's own server answers each request in a thread, and its DynamoDB checks a condition and writes in
two steps: of 26 conditional writes at once, one too many was made. In DynamoDB one request is one step.

Each test has a region of its own: a transaction copies every table of the region.
"""

import os
import sys

os.environ["MOTO_ALLOW_NONEXISTENT_REGION"] = "true"

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

make_server("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app)).serve_forever()
