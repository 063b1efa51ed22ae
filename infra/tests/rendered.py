"""What Terraform made of the module: the state after an apply, or a plan, as `terraform show -json` tells."""

import json


class Rendered:
    """Resources by their address."""

    def __init__(self, shown):
        values = shown.get("values") or shown.get("planned_values") or {}
        root = values.get("root_module", {})
        if root.get("child_modules"):
            raise ValueError("this looks at one module and there are several")
        resources = [resource for resource in root.get("resources", []) if resource["mode"] == "managed"]
        self.resources = {resource["address"]: resource for resource in resources}

    @classmethod
    def read(cls, path):
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file))

    def of_type(self, kind):
        """Their values, by address."""
        return {address: each["values"] for address, each in self.resources.items() if each["type"] == kind}

    def __getitem__(self, address):
        return self.resources[address]["values"]

    def policies_of(self, role):
        """All that is attached to a role, in whatever way. A policy whose text is not here is an error:
        what can't be read can't be judged."""
        values = self[role]
        own = [policy for policy in self.of_type("aws_iam_role_policy").values() if policy["role"] == values["id"]]
        texts = [policy["policy"] for policy in own]
        texts += [inline["policy"] for inline in values.get("inline_policy") or [] if inline.get("policy")]
        arns = {
            attached["policy_arn"]
            for attached in self.of_type("aws_iam_role_policy_attachment").values()
            if attached["role"] == values["name"]
        }
        for attached in self.of_type("aws_iam_policy_attachment").values():
            if values["name"] in (attached.get("roles") or []):
                arns.add(attached["policy_arn"])
        if self.of_type("aws_iam_role_policy_attachments_exclusive") or self.of_type("aws_iam_role_policies_exclusive"):
            raise ValueError("a way to attach policies that is not looked at here")
        texts += [self.policy(arn) for arn in sorted(arns)]
        return [json.loads(text) for text in texts]

    def policy(self, arn):
        for policy in self.of_type("aws_iam_policy").values():
            if policy["arn"] == arn:
                return policy["policy"]
        raise ValueError(f"{arn} is attached, but its text is not here")

    def boundary_of(self, role):
        arn = self[role].get("permissions_boundary")
        return json.loads(self.policy(arn)) if arn else None

    def trust_of(self, role):
        return json.loads(self[role]["assume_role_policy"])

    def bucket_policy(self):
        return json.loads(self["aws_s3_bucket_policy.releases"]["policy"])
