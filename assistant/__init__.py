"""Nigao (拟稿): a drafting assistant for Chinese official reports that answers for every figure."""

import os

# Libraries read these when they are loaded, so they are set before any of ours is. Nothing may leave the building:
# onnxruntime 1.29 and later upload usage events from Linux (the pinned version has no such code yet).
os.environ.update(
    ORT_DISABLE_TELEMETRY="1",
    ANONYMIZED_TELEMETRY="False",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    DO_NOT_TRACK="1",
)
