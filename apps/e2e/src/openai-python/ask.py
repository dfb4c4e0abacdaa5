"""Asks Millrace with OpenAI's own client, once for each question on stdin, and says on stdout what it understood.

A question is a line of JSON: {"of": "<name of a function below>", "with": {...}}; an answer one, too. What the client
raises is an answer as well: its class, the status, the code and the parameter that it read.
"""

import json
import sys

import openai


def chat(client, **asked):
    answer = client.chat.completions.create(**asked)
    message = answer.choices[0].message
    return {
        "text": message.content,
        "reason": answer.choices[0].finish_reason,
        "annotations": [each.type for each in message.annotations or []],
        "calls": [[call.function.name, call.function.arguments] for call in message.tool_calls or []],
        "tokens": answer.usage.total_tokens,
    }


def chat_stream(client, **asked):
    text, calls, reason, tokens, frames = "", {}, None, None, 0
    for frame in client.chat.completions.create(stream=True, stream_options={"include_usage": True}, **asked):
        frames += 1
        tokens = frame.usage.total_tokens if frame.usage else tokens
        for choice in frame.choices:
            text += choice.delta.content or ""
            reason = choice.finish_reason or reason
            for call in choice.delta.tool_calls or []:
                name, arguments = calls.get(call.index, ["", ""])
                calls[call.index] = [call.function.name or name, arguments + (call.function.arguments or "")]
    return {"text": text, "reason": reason, "calls": list(calls.values()), "tokens": tokens, "frames": frames}


def completion(client, **asked):
    answer = client.completions.create(**asked)
    return {"text": answer.choices[0].text, "reason": answer.choices[0].finish_reason}


def response(client, **asked):
    answer = client.responses.create(**asked)
    return {"text": answer.output_text, "status": answer.status, "items": [item.type for item in answer.output]}


def response_stream(client, **asked):
    with client.responses.stream(**asked) as stream:
        events = list(stream)
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    return {"text": text, "events": [events[0].type, events[-1].type], "status": events[-1].response.status}


def embeddings(client, **asked):
    """Asked for as base64, which is what the client does unless told otherwise, and as numbers."""
    packed = client.embeddings.create(**asked).data
    plain = client.embeddings.create(encoding_format="float", **asked).data
    distance = max(abs(a - b) for one, other in zip(packed, plain) for a, b in zip(one.embedding, other.embedding))
    return {"count": len(packed), "length": len(packed[0].embedding), "distance": distance}


def moderation(client, **asked):
    result = client.moderations.create(**asked).results[0]
    return {"flagged": result.flagged, "harassment": result.categories.harassment}


def models(client):
    return {"names": [model.id for model in client.models.list()]}


def answer_to(client, question):
    try:
        return globals()[question["of"]](client, **question.get("with", {}))
    except openai.APIStatusError as error:
        return {"raised": type(error).__name__, "status": error.status_code, "code": error.code, "param": error.param}
    except openai.APIError as error:
        return {"raised": type(error).__name__, "code": error.code}


def main():
    base_url, key = sys.argv[1:]
    client = openai.OpenAI(base_url=base_url, api_key=key, max_retries=0)
    for line in sys.stdin:
        print(json.dumps(answer_to(client, json.loads(line))), flush=True)


main()
