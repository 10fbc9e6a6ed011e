"""The web app: Gradio pages mounted in FastAPI. `server.create_app` builds it, `server.serve` runs it.

    server    the FastAPI app, put together           guard     what may come in and go out: hosts, origins, CSP
    accounts  who is asking                           frame     the Gradio page around everything (with pages/)
    works     a report in the making, as JSON          jobs      drafting in the background, events to listen to
    notes_form  notes <-> the form on the page         marks     marked text, the only maker of HTML from text
    api, mcp_server   the same jobs for other programs, off by default

This package is the only one that imports gradio, fastapi, uvicorn and mcp.
"""
