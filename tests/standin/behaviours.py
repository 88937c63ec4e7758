"""What can go wrong: one named behaviour for each way that a real service was seen to fail.

``paid`` says whether a picture was made, and charged, although the client may never see it.
"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal

from .behaviour import Behaviour, says, shows
from .spoilt import (
    as_cmyk_jpeg,
    as_gif,
    as_gray,
    as_palette_png,
    as_rgba_png,
    as_webp,
    black,
    blank,
    bomb,
    huge,
    nsfw_flag,
    size,
    truncated,
    with_profile,
)
from .wire import Answer, json_answer

# Refused: it is the client's to change something.
unauthorized = says(
    "unauthorized",
    401,
    {"error": "Invalid username or password."},
    x_error_message="Invalid credentials in Authorization header",
)
no_credits = says(
    "no_credits",
    402,
    {
        "error": "You have depleted your monthly included credits. Purchase pre-paid credits to continue using "
        "Inference Providers. Alternatively, subscribe to PRO to get 20x more included usage."
    },
)
forbidden = says(
    "forbidden",
    403,
    {
        "error": "This authentication method does not have sufficient permissions to call Inference Providers "
        "on behalf of user ann"
    },
)
gated = says(
    "gated",
    403,
    {"error": "Access to this model is restricted. You must have access to it and be authenticated to access it."},
    x_error_code="GatedRepo",
)
not_found = says("not_found", 404, {"error": "Not Found"})
gone = says("gone", 410, {"error": "The requested model is deprecated and no longer supported by this provider."})
bad_request = says("bad_request", 400, {"error": "Bad request: the prompt is too long"})
bad_request_dict = says(
    "bad_request_dict",
    400,
    {"error": {"message": "The prompt is too long", "type": "invalid_request_error", "param": None, "code": None}},
)
unprocessable = says(
    "unprocessable",
    422,
    {"detail": [{"loc": ["body", "prompt"], "msg": "ensure this value is shorter", "type": "value_error"}]},
)
content_policy = says(
    "content_policy",
    422,
    {
        "detail": [
            {
                "loc": ["body", "prompt"],
                "msg": "The content could not be processed because it contained material flagged by a content checker.",
                "type": "content_policy_violation",
                "url": "https://docs.fal.ai/errors#content_policy_violation",
            }
        ]
    },
    x_fal_retryable="false",
)
too_large = says("too_large", 413, {"error": "Payload Too Large"})

# Later: the same request may succeed.
request_timeout = says("request_timeout", 408, {"error": "Request Timeout"})
error_500 = says("error_500", 500, {"error": "Internal Server Error"})
error_list = says("error_list", 500, ["Internal Server Error"])
bad_gateway_html = shows("bad_gateway_html", 502, "<html><body><h1>502 Bad Gateway</h1></body></html>")
busy = says(
    "busy",
    503,
    {"detail": "No runner could be scheduled", "error_type": "runner_scheduling_failure"},
    x_fal_error_type="runner_scheduling_failure",
)
gateway_timeout = shows("gateway_timeout", 504, "<html><body><h1>504 Gateway Time-out</h1></body></html>", paid=True)
gateway_timeout_json = says(
    "gateway_timeout_json", 504, {"detail": "Request timed out", "error_type": "request_timeout"}, paid=True
)


def rate_limited(
    retry_after: int | None = None, *, form: Literal["seconds", "date", "ratelimit", "body"] = "seconds"
) -> Behaviour:
    """429. When to come back: in retry-after as seconds or date, in `ratelimit`, in the text, or nowhere."""

    def answer() -> Answer:
        body: dict[str, Any] = {"error": "Too Many Requests"}
        if retry_after is None:
            return json_answer(body, 429)
        match form:
            case "seconds":
                headers = {"retry_after": str(retry_after)}
            case "date":
                back_at = datetime.now(UTC) + timedelta(seconds=retry_after)
                headers = {"retry_after": format_datetime(back_at, usegmt=True)}
            case "ratelimit":
                policy = '"fixed window";"api";q=500;w=300'
                headers = {"ratelimit": f'"api";r=0;t={retry_after}', "ratelimit_policy": policy}
            case "body":
                text = f"Request was throttled. Your rate limit for creating predictions resets in ~{retry_after}s."
                body, headers = {"detail": text, "status": 429, "title": "Too Many Requests"}, {}
        return json_answer(body, 429, **headers)

    return Behaviour(f"rate_limited({retry_after}, {form})", answer=answer)


def loading(estimated_time: float = 20.0) -> Behaviour:
    body = {"error": "Model is currently loading", "estimated_time": estimated_time}
    return says(f"loading({estimated_time})", 503, body)


# On the way.
hang = Behaviour("hang", paid=True, wire="hang")
drip = Behaviour("drip", paid=True, wire="drip")
drip_headers = Behaviour("drip_headers", paid=True, wire="drip_headers")
reset = Behaviour("reset", wire="reset")
cut = Behaviour("cut", paid=True, wire="cut")
closed = Behaviour("closed", wire="closed")
redirect_loop = Behaviour("redirect_loop", answer=lambda: Answer(302, headers={"location": "/loop"}))
redirect_elsewhere = Behaviour(
    "redirect_elsewhere", answer=lambda: Answer(302, headers={"location": "https://v3.fal.media/elsewhere"})
)
proxy_502 = Behaviour("proxy_502", answer=lambda: Answer(502), at_connect=True)
proxy_407 = Behaviour("proxy_407", answer=lambda: Answer(407, headers={"proxy-authenticate": "Basic"}), at_connect=True)

# 200, and yet no picture.
html_200 = shows("html_200", 200, "<html><body>Service maintenance</body></html>")
empty_200 = Behaviour("empty_200", answer=lambda: Answer(200, headers={"content-type": "application/json"}))
cut_json_200 = Behaviour(
    "cut_json_200",
    paid=True,
    answer=lambda: Answer(200, b'{"images": [{"url": "https://v3.f', {"content-type": "application/json"}),
)
no_picture_200 = says("no_picture_200", 200, {"status": "succeeded"})
empty_list_200 = says("empty_list_200", 200, {"images": [], "output": [], "data": []})

# Of providers that answer before the picture is made.
replicate_cold = Behaviour("replicate_cold", paid=True, outcome="late")
replicate_failed = Behaviour(
    "replicate_failed",
    outcome="failed",
    error="NSFW content detected. Try running it again, or try a different prompt.",
)
wavespeed_failed = Behaviour(
    "wavespeed_failed", outcome="failed", error="Content flagged as potentially sensitive. Please try another prompt."
)
endless_queue = Behaviour("endless_queue", outcome="never")
# fal's queue takes an order, and the model's error is its response.
fal_refused = Behaviour("fal_refused", answer=content_policy.answer, outcome="failed", error="Content policy violation")
fal_failed = Behaviour("fal_failed", answer=error_500.answer, outcome="failed")

# Of the download, which is paid already.
download_403 = says("download_403", 403, {"error": "Forbidden"})
download_404 = says("download_404", 404, {"error": "Not Found"})
download_500 = says("download_500", 500, {"error": "Internal Server Error"})
download_html = shows("download_html", 200, "<html><body>Not here</body></html>")

__all__ = [
    "as_cmyk_jpeg",
    "as_gif",
    "as_gray",
    "as_palette_png",
    "as_rgba_png",
    "as_webp",
    "bad_gateway_html",
    "bad_request",
    "bad_request_dict",
    "black",
    "blank",
    "bomb",
    "busy",
    "closed",
    "content_policy",
    "cut",
    "cut_json_200",
    "download_403",
    "download_404",
    "download_500",
    "download_html",
    "drip",
    "drip_headers",
    "empty_200",
    "empty_list_200",
    "endless_queue",
    "error_500",
    "error_list",
    "fal_failed",
    "fal_refused",
    "forbidden",
    "gated",
    "gateway_timeout",
    "gateway_timeout_json",
    "gone",
    "hang",
    "html_200",
    "huge",
    "loading",
    "no_credits",
    "no_picture_200",
    "not_found",
    "nsfw_flag",
    "proxy_407",
    "proxy_502",
    "rate_limited",
    "redirect_elsewhere",
    "redirect_loop",
    "replicate_cold",
    "replicate_failed",
    "request_timeout",
    "reset",
    "size",
    "too_large",
    "truncated",
    "unauthorized",
    "unprocessable",
    "wavespeed_failed",
    "with_profile",
]
