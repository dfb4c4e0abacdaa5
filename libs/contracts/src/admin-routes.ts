import { z } from 'zod';
import {
  createdKey,
  deadLetterRecord,
  keyInput,
  keyRecord,
  queueDepths,
  replayAnswer,
  replayInput,
  tenantInput,
  tenantRecord,
  wholeDeadLetter,
} from './admin.ts';
import { auditHead, auditPage, auditQuery } from './audit.ts';
import { tenantName } from './documents.ts';
import { modelPlanStatus, serveInput, switchInput } from './model-plan.ts';
import { moderationPolicy, statedPolicy } from './moderation-policy.ts';
import { promptTemplate, promptVersions, statedPrompt } from './prompt-template.ts';
import { quota } from './quotas.ts';
import { page, route, type RouteSpec } from './route-spec.ts';
import { usageQuery, usageReport } from './usage.ts';

const list = <S extends z.ZodType>(item: S) => z.object({ data: z.array(item) });

/** One that changes something says what the audit trail has of it. */
type AdminRoute = RouteSpec & ({ readonly method: 'GET' } | Required<Pick<RouteSpec, 'audits'>>);

/** Of those who run Millrace: tenants and what they may use, keys, dead letters, models, queues, the audit trail. */
export const adminRoutes = {
  createTenant: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/tenants',
    summary: 'Add a tenant. For admins of the tenant `default`.',
    right: 'admin',
    audits: ['tenant.create'],
    body: tenantInput,
    status: 201,
    response: tenantRecord,
  }),
  listTenants: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/tenants',
    summary: 'All tenants; for an admin of another tenant than `default`, its own.',
    right: 'admin',
    status: 200,
    response: list(tenantRecord),
  }),
  getQuota: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/tenants/:name/quota',
    summary: 'What a tenant may use; for an admin of another tenant than `default`, its own.',
    right: 'admin',
    params: z.object({ name: tenantName }),
    status: 200,
    response: quota,
  }),
  putQuota: route({
    service: 'control',
    method: 'PUT',
    path: '/v1/admin/tenants/:name/quota',
    summary:
      'Set what a tenant may use, in place of what was set before: within two seconds everywhere. `{}` sets no limit. For ' +
      'admins of the tenant `default`.',
    right: 'admin',
    audits: ['quota.set'],
    params: z.object({ name: tenantName }),
    body: quota,
    status: 200,
    response: quota,
  }),
  getModeration: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/tenants/:name/moderation',
    summary:
      'What moderation does about a tenant’s questions and answers, as far as it is not the default; for an admin of ' +
      'another tenant than `default`, its own.',
    right: 'admin',
    params: z.object({ name: tenantName }),
    status: 200,
    response: statedPolicy,
  }),
  putModeration: route({
    service: 'control',
    method: 'PUT',
    path: '/v1/admin/tenants/:name/moderation',
    summary:
      'Set what moderation does about a tenant’s questions and answers, in place of what was set before: for what is ' +
      'asked from two seconds later on. `{}` is the default. For admins of the tenant `default`.',
    right: 'admin',
    audits: ['moderation_policy.set'],
    params: z.object({ name: tenantName }),
    body: moderationPolicy,
    status: 200,
    response: statedPolicy,
  }),
  getPrompt: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/tenants/:name/prompt',
    summary:
      'What a language model is told of a tenant’s questions, as far as it is not the default, and the last 50 versions of ' +
      'it; for an admin of another tenant than `default`, its own.',
    right: 'admin',
    params: z.object({ name: tenantName }),
    status: 200,
    response: promptVersions,
  }),
  putPrompt: route({
    service: 'control',
    method: 'PUT',
    path: '/v1/admin/tenants/:name/prompt',
    summary:
      'Set what a language model is told of a tenant’s questions, in place of what was set before: for what is asked from ' +
      'two seconds later on. `{}` is the default. For admins of the tenant `default`.',
    right: 'admin',
    audits: ['prompt.set'],
    params: z.object({ name: tenantName }),
    body: promptTemplate,
    status: 200,
    response: statedPrompt,
  }),
  createKey: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/keys',
    summary: 'Make a key, of the own tenant or, as an admin of `default`, of any. It is shown this once.',
    right: 'admin',
    audits: ['key.create'],
    body: keyInput,
    status: 201,
    response: createdKey,
  }),
  listKeys: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/keys',
    summary: 'All keys that the caller may make, without their secrets.',
    right: 'admin',
    query: z.object({ tenant: tenantName.optional() }),
    status: 200,
    response: list(keyRecord),
  }),
  revokeKey: route({
    service: 'control',
    method: 'DELETE',
    path: '/v1/admin/keys/:id',
    summary: 'Revoke a key: at once in the process that answers, within two seconds in others.',
    right: 'admin',
    audits: ['key.revoke'],
    params: z.object({ id: z.string() }),
    status: 204,
    response: z.null(),
  }),
  listDeadLetters: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/dead-letters',
    summary:
      'What could not be handled, and why, the newest first: of the own tenant or, for an admin of `default`, of all.',
    right: 'admin',
    query: z.object({ ...page, tenant: tenantName.optional(), code: z.string().optional() }),
    status: 200,
    response: z.object({ data: z.array(deadLetterRecord), next_cursor: z.string().optional() }),
  }),
  deadLetter: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/dead-letters/:id',
    summary: 'A dead letter with the message that could not be handled.',
    right: 'admin',
    params: z.object({ id: z.string() }),
    status: 200,
    response: wholeDeadLetter,
  }),
  replay: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/replay',
    summary:
      'Send dead letters round again: those that the caller may list, as they are or as they should have been.',
    right: 'admin',
    audits: ['dead_letter.replay', 'dead_letter.correct'],
    body: replayInput,
    status: 200,
    response: replayAnswer,
  }),
  modelPlan: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/models',
    summary: 'Which embedding model serves, how far the next one is, and which one can be switched back to.',
    right: 'admin',
    status: 200,
    response: modelPlanStatus,
  }),
  switchModel: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/models/switch',
    summary:
      'Prepare another embedding model: give all documents its vectors beside those of the serving one, compare, and ' +
      'switch if it finds as much. The same again changes nothing.',
    right: 'admin',
    audits: ['model.prepare'],
    body: switchInput,
    status: 202,
    response: modelPlanStatus,
  }),
  serveModel: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/models/serve',
    summary: 'Switch to the next model, when it is ready, or back to the previous one, at once.',
    right: 'admin',
    audits: ['model.serve'],
    body: serveInput,
    status: 200,
    response: modelPlanStatus,
  }),
  retireModel: route({
    service: 'control',
    method: 'DELETE',
    path: '/v1/admin/models/:model',
    summary: 'Give up the next model, or the way back to the previous one: its index goes.',
    right: 'admin',
    audits: ['model.retire'],
    params: z.object({ model: z.string().min(1).max(128) }),
    status: 200,
    response: modelPlanStatus,
  }),
  usage: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/usage',
    summary: 'What chat answers used, by day, tenant, model, back end and how they ended.',
    right: 'admin',
    query: usageQuery,
    status: 200,
    response: usageReport,
  }),
  audit: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/audit',
    summary:
      'The audit trail of a tenant: what admins did and what moderation decided, the newest first. Entries are chained by ' +
      'hashes, and none is ever changed or removed.',
    right: 'admin',
    query: auditQuery,
    status: 200,
    response: auditPage,
  }),
  auditHeads: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/audit/heads',
    summary:
      'The last entry of the chain of the own tenant or, for an admin of `default`, of all. Who keeps its hash elsewhere ' +
      'can tell later that nothing was cut off or written anew.',
    right: 'admin',
    query: z.object({ tenant: tenantName.optional() }),
    status: 200,
    response: list(auditHead),
  }),
  queues: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/queues',
    summary:
      'What waits where: job queues, consumer lag, documents by state. Documents are those of the own tenant or, for an ' +
      'admin of `default`, of all.',
    right: 'admin',
    status: 200,
    response: queueDepths,
  }),
} satisfies Record<string, AdminRoute>;
