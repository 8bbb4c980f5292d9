"""Redis as this process comes to it, and what to do where it is not let in."""

import ssl
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from services.metrics.settings import Settings, StartRefused

_WHO = "THROUGHLINE_REDIS_USER_FILE"


def client_of(settings: Settings) -> Redis:
    """A client; it connects with its first command. It says nothing of the library that it is, as
    a user with few rights may not.
    """
    more: dict[str, Any] = {}
    if user := settings.redis_user:
        more |= {"username": user[0], "password": user[1]}
    if settings.redis_ca_file:
        more |= {"ssl_ca_certs": str(settings.redis_ca_file)}
    return Redis.from_url(
        settings.redis_url, socket_timeout=30, socket_connect_timeout=5, driver_info=None, **more
    )


async def must_let_in(redis: Redis) -> None:
    """Raises StartRefused where it answers and refuses us, which no waiting mends. One that does
    not answer is waited for by who needs it.
    """
    try:
        await redis.ping()
    except RedisError as error:
        if advice := what_to_do(error):
            raise StartRefused(f"redis: {advice}") from None


def what_to_do(error: BaseException) -> str | None:
    """What mends a refusal; None where it is none."""
    match error:
        case AuthenticationError() if "username-password" in str(error):
            return f"it does not know this user with this password; compare {_WHO} with its users"
        case AuthenticationError():
            return f"it asks who we are; write user:password into a file and name it in {_WHO}"
        case NoPermissionError():
            return f"{error}; give the user what `python -m deploy.redis_users` writes"
        case ssl.SSLCertVerificationError():
            return (
                f"its certificate is not to be trusted ({error.verify_message}); name who signed "
                "it in THROUGHLINE_REDIS_CA_FILE, and the host of the certificate in the URL"
            )
    cause = error.__cause__ or error.__context__
    return what_to_do(cause) if cause else None
