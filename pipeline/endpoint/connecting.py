"""Opens the client of a server when one is needed: importing it takes longer than most workers need it for."""

from stages.models.chat_server import ChatServer, ServerAddress


def connect(address: ServerAddress) -> ChatServer:
    """An open client, for the event loop that is running."""
    from stages.models.openai_chat import OpenAIChat  # noqa: PLC0415 0.4 s and 40 MB, which few workers need

    return OpenAIChat(address)
