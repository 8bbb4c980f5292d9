"""The parts of a form with a file in it, as a browser sends them."""

from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser


def uploaded(content_type: str, body: bytes) -> dict[str, bytes]:
    """The parts of `multipart/form-data` by name; of anything else, none."""
    head = b"Content-Type: " + content_type.encode(errors="replace") + b"\r\n\r\n"
    message = BytesParser(EmailMessage, policy=policy.HTTP).parsebytes(head + body)
    return {
        str(part.get_param("name", header="content-disposition")): _content(part)
        for part in message.iter_parts()
    }


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
