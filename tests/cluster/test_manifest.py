"""The job manifest of the documentation, against Kubernetes' own schemas."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.cluster


def manifest():
    import yaml

    blocks = re.findall(r"```yaml\n(.+?)```", Path("docs/scaling.md").read_text(encoding="utf-8"), re.DOTALL)
    (job,) = (one for one in map(yaml.safe_load, blocks) if one.get("kind") == "Job")
    return job


def test_the_job_follows_the_schemas_of_every_kept_version_strictly():
    import kubernetes_validate as kubernetes
    from kubernetes_validate.utils import all_versions

    versions = [one for one in dict.fromkeys(all_versions()) if int(one.split(".")[1]) >= 29]
    print("validated against Kubernetes", *versions)
    assert versions
    for version in versions:
        kubernetes.validate(manifest(), version, strict=True)
    wrong = manifest()
    wrong["spec"]["completionsMode"] = wrong["spec"].pop("completionMode")
    with pytest.raises(kubernetes.ValidationError):
        kubernetes.validate(wrong, versions[-1], strict=True)


def test_every_index_has_a_shard_and_every_shard_an_index():
    spec = manifest()["spec"]
    command = spec["template"]["spec"]["containers"][0]["command"][-1]
    assert f"--shard $((JOB_COMPLETION_INDEX + 1))/{spec['completions']}" in command
    assert spec["completionMode"] == "Indexed"
