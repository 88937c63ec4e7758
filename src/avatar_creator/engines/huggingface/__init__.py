"""Photographs through Hugging Face: FLUX.1-dev with a LoRA, on whichever provider serves it.

In reading order; the token, and the limits of every request, are in `engines/hub`:

models           the models and providers known by name, with their defaults and limits
options          what the user chose, checked
licenses         the licences of models and LoRAs
model_index      which providers serve a model, as the Hub says; cached for a day
routes           which of them makes the picture, and with which LoRA; who no longer serves a model is left out
payloads         what that provider is sent
notices          what of it was asked for and is not sent
fal              the orders that fal gets, through its queue
client           one call for a picture, and the download of it
polling          a picture that is not ready yet
image_check      whether what came is a picture that can be used
saved_response   a response as it is saved, for the attempt after a crash
session          one picture: resume or order it, and finish it
retry            how often and how late something is tried again
engine           the engine: plan, generate and probe
probe            whether a photograph would be made, without paying

dataset_repository  a data set on the Hub, and what is pushed there
dataset_errors      what goes wrong with that, as the user is told of it

provider_errors  a failure, and what to do about it
error_map        exceptions of the client as such failures
"""

import avatar_creator.engines.hub
