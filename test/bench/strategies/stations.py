"""Asks many weather stations for their reading: each takes its time to answer, and the program waits.

    python stations.py [STATIONS]

The stations are a server of the program's own on this machine, so that the answers do not change. `asyncio` fits the loop in
`read_all`: nothing is computed in it.
"""
import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DELAY = 0.05


class Station(BaseHTTPRequestHandler):
    """Answers with the reading of the station that the path names, after a while."""

    def do_GET(self):
        number = int(self.path.rpartition("/")[2])
        time.sleep(DELAY)
        body = json.dumps({"station": number, "celsius": 12.5 + number * 0.125}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Requests are not logged."""


def read_station(address: str, number: int) -> float:
    """Degrees that one station reports."""
    with urllib.request.urlopen(f"{address}/stations/{number}") as response:
        return json.load(response)["celsius"]


def read_all(address: str, count: int) -> list[float]:
    """The degrees of all stations, in their order."""
    readings = []
    for number in range(count):
        readings.append(read_station(address, number))
    return readings


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    server = ThreadingHTTPServer(("127.0.0.1", 0), Station)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        readings = read_all(f"http://127.0.0.1:{server.server_port}", count)
    finally:
        server.shutdown()
        server.server_close()
    print(f"{count} stations, {sum(readings) / count:.4f} degrees on average")


if __name__ == "__main__":
    main()
