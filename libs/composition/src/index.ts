export { compose, type ComposeOptions } from './compose.ts';
export { serviceTable } from './services.ts';
export * from './settings/adapter-settings.ts';
export * from './settings/all-settings.ts';
export { startProcess, type ProcessOptions } from './start-process.ts';
export { gatewaySettings } from './settings/gateway-settings.ts';
export { declaredTopics, type DeclaredTopics, type TopicReport } from './declared-topics.ts';
export { announce } from './announce.ts';
export { serveConsole } from './console.ts';
