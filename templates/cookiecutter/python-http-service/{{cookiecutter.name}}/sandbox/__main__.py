"""Run the service beside its stand-in until Ctrl-C: python -m sandbox [PORT]."""

import signal
import sys

from sandbox.processes import running

if __name__ == "__main__":
    # Ctrl-C reaches both children as well; here it only ends the waiting.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.default_int_handler)
    try:
        with running(port=int(sys.argv[1]) if len(sys.argv) > 1 else 8080) as both:
            print(f"\nTry: curl '{both.service_url}/quote?amount=100&currency=EUR'   (Ctrl-C ends it)\n", flush=True)
            sys.exit(both.service.wait())
    except KeyboardInterrupt:
        pass
    except RuntimeError as error:
        sys.exit(str(error))
