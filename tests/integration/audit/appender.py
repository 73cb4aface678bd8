"""A process of its own that appends: `python appender.py URL THREADS FACTS` prints the indexes it was given."""

import sys
import threading

from audit.log import Log
from governance.clock import SystemClock
from governance.database import Database
from governance.ids import TimeOrderedIds
from tests.builders.audit import LEAF_KEY, a_fact


def main(url: str, threads: int, facts: int) -> None:
    database = Database(url)
    log = Log(database, SystemClock(), TimeOrderedIds(), LEAF_KEY)
    given: list[int] = []

    def work() -> None:
        given.extend(log.append(a_fact(number)).index for number in range(facts))

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sys.stdout.write(" ".join(map(str, given)))
    log.close()
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
