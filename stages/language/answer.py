"""The preferred answer: what the model that is to be trained says if it sees all that the question needs."""

from schemas.drop import DropCause
from stages.language.asking import Asker
from stages.language.draft import DraftAnswer
from stages.language.form import as_sentence, plain_failure
from stages.language.replies import AnswerReply
from stages.models.chat import ChatFrames, ModelRole, NoReply


async def preferred(asker: Asker, question: str, shown: ChatFrames) -> DraftAnswer | DropCause:
    """The target's answer, or why there is none: the cause of `NoReply`, or FORM_DIFFERS if it is not plain."""
    try:
        said = await asker.ask(ModelRole.TARGET, "target", AnswerReply, shown, question=question)
    except NoReply as failure:
        return failure.cause
    text = as_sentence(said.reply.answer)
    return plain_failure(text) or DraftAnswer(text, said.model, said.prompt_hash)
