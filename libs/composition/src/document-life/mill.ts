import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Inject, Injectable, Module } from '@nestjs/common';
import type { DocumentState, DocumentStatus } from '@millrace/contracts';
import {
  bootstrap,
  httpSettings,
  serverSettings,
  Settings,
  type Composed,
  type Logger,
  type Running,
} from '@millrace/platform';
import {
  BLOB_STORE,
  EVENT_LOG,
  REGISTRY,
  REQUEST_REPLY,
  WORK_QUEUE,
  type BlobStore,
  type EventLog,
  type Registry,
} from '@millrace/ports';
import { workersDir } from '@millrace/testing';
import { embeddedPorts } from '../embedded-ports.ts';
import { PortHost } from '../port-host.ts';
import { serviceTable } from '../services.ts';
import { adapterSettings } from '../settings/adapter-settings.ts';
import { StandInModels, StandInModelsModule } from './stand-in-models.ts';
import { StandInModule, StandInStages } from './stand-in-stages.ts';

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly location: string | null;
}

/** Ingestion and control in one process on the embedded adapters, with stand-ins for the stages between. */
export class Mill {
  private constructor(
    private readonly running: Running,
    private readonly folder: string,
    private readonly inside: Inside,
  ) {}

  /** Documents that stand still for a second are sent on. */
  static async start(): Promise<Mill> {
    return Mill.startIn(await mkdtemp(join(tmpdir(), 'millrace-life-')));
  }

  private static async startIn(folder: string): Promise<Mill> {
    const settings = settingsIn(folder);
    const running = await bootstrap('mill', settings, async (logger) =>
      composed(await openPorts(settings, folder, logger)),
    );
    return new Mill(running, folder, Inside.last!);
  }

  get registry(): Registry {
    return this.inside.registry;
  }
  get blobs(): BlobStore {
    return this.inside.blobs;
  }
  get stages(): StandInStages {
    return this.inside.stages;
  }
  get models(): StandInModels {
    return this.inside.models;
  }
  get log(): EventLog {
    return this.inside.log;
  }

  async request<T>(
    method: string,
    path: string,
    body?: BodyInit | object,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const isJson = body !== undefined && !(body instanceof FormData);
    const response = await fetch(this.running.url + path, {
      method,
      headers: { ...(isJson && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
      location: response.headers.get('location'),
    };
  }

  put(id: string, text: string, headers: Record<string, string> = {}) {
    return this.request<{ id: string; version: number; state: DocumentState }>(
      ...([
        'PUT',
        `/v1/documents/${encodeURIComponent(id)}`,
        { text, media_type: 'text/markdown' },
        headers,
      ] as const),
    );
  }

  upload(id: string, filename: string, bytes: string, mediaType: string) {
    const form = new FormData();
    form.set('file', new Blob([bytes], { type: mediaType }), filename);
    return this.request<{ version: number }>('PUT', `/v1/documents/${encodeURIComponent(id)}`, form);
  }

  async waitFor(id: string, state: DocumentState, seconds = 20): Promise<DocumentStatus> {
    const path = `/v1/documents/${encodeURIComponent(id)}?wait=${state}&timeout=${seconds}`;
    return (await this.request<DocumentStatus>('GET', path)).body;
  }

  /** Names of the blobs of the tenant `default`, without their folders. */
  async blobNames(): Promise<string[]> {
    const keys = await this.blobs.list('default/');
    return keys.map((key) => key.slice(key.lastIndexOf('/') + 1)).sort();
  }

  /** Stops in the middle of whatever it does. Returns what goes on in its place. */
  async restart(): Promise<Mill> {
    await this.running.stop();
    return Mill.startIn(this.folder);
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Lets the test see what the services see. */
@Injectable()
class Inside {
  static last: Inside | undefined;

  constructor(
    @Inject(REGISTRY) readonly registry: Registry,
    @Inject(BLOB_STORE) readonly blobs: BlobStore,
    @Inject(EVENT_LOG) readonly log: EventLog,
    @Inject(StandInStages) readonly stages: StandInStages,
    @Inject(StandInModels) readonly models: StandInModels,
  ) {
    Inside.last = this;
  }
}

@Module({ imports: [StandInModule, StandInModelsModule], providers: [Inside] })
class InsideModule {}

const owners = [serviceTable.ingestion, serviceTable.moderation, serviceTable.control];

function settingsIn(folder: string): Settings {
  const groups = [
    serverSettings,
    httpSettings,
    ...adapterSettings,
    ...owners.flatMap(({ settings }) => settings),
  ];
  const environment = {
    MILLRACE_DATA_DIR: folder,
    MILLRACE_PORT: '0',
    MILLRACE_LOG_LEVEL: 'silent',
    MILLRACE_CHECK_RESPONSES: 'true',
    MILLRACE_CONTROL_STALL_SECONDS: '1',
    MILLRACE_CONTROL_RECONCILE_SECONDS: '1',
    MILLRACE_CONTROL_MODEL_SWITCH_SECONDS: '2',
  };
  return new Settings(groups, { environment, file: {} });
}

function openPorts(settings: Settings, dataDir: string, logger: Logger): Promise<PortHost> {
  const tokens = [EVENT_LOG, WORK_QUEUE, REQUEST_REPLY, ...owners.flatMap(({ needs }) => needs)];
  return PortHost.open(embeddedPorts, tokens, { settings, dataDir, workers: workersDir, logger });
}

const composed = (ports: PortHost): Composed => ({
  services: ['ingestion', 'moderation', 'control'],
  modules: [ports.module(), ...owners.map(({ module }) => module), InsideModule],
  checks: ports.checks(),
  close: () => ports.close(),
});
