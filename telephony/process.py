"""What makes a command a server: its log, its signals and the port it listens on."""

import asyncio
import ipaddress
import logging
import signal
import socket

from telephony.settings import PREFIX, SwitchboardSettings

_IPV6 = 6


class PortError(OSError):
    """A port cannot be listened on; one sentence names the setting."""


def log_to_stderr() -> None:
    """Show what the switchboard logs, and of others only warnings."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("telephony").setLevel(logging.INFO)


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` on the first SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Return a listening socket.

    Raises:
        PortError: the address cannot be had; the sentence names `setting`.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise PortError(
            f"Cannot listen on {host}:{port} ({reason}): set {PREFIX}{setting} to a free port."
        ) from None
    return listener


def address(settings: SwitchboardSettings, listener: socket.socket) -> str:
    """Return how people reach the switchboard with a browser."""
    host, port = listener.getsockname()[:2]
    if settings.public_url is not None:
        return settings.public_url
    ip = ipaddress.ip_address(host)
    if ip.is_unspecified:
        return f"http://localhost:{port}"
    return f"http://[{ip}]:{port}" if ip.version == _IPV6 else f"http://{ip}:{port}"
