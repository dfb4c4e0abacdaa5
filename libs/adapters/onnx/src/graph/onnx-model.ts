import {
  field,
  fieldsOf,
  floatField,
  joined,
  numberField,
  textField,
  varintsIn,
  type Field,
} from './wire.ts';

// Numbers of fields: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const ofModel = { graph: 7, operatorSets: 8 };
const ofOperatorSet = { domain: 1, version: 2 };
const ofGraph = { node: 1, initializer: 5, output: 12 };
const ofNode = { input: 1, output: 2, name: 3, operator: 4, attribute: 5, domain: 7 };
const ofAttribute = { name: 1, float: 2, integer: 3, tensor: 5, integers: 8, type: 20 };
const ofTensor = { dims: 1, type: 2, integers: 7, name: 8, raw: 9, location: 14 };
const ofValue = { name: 1 };
const attributeTypes = { float: 1, integer: 2 };
const tensorTypes = { float: 1, integer: 7 };

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const all = (message: Uint8Array, number: number): Field[] =>
  [...fieldsOf(message)].filter((each) => each.number === number);

/** An operation of the graph. */
export class GraphNode {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly operator: string;

  constructor(readonly message: Uint8Array) {
    this.inputs = all(message, ofNode.input).map(({ content }) => text(content));
    this.outputs = all(message, ofNode.output).map(({ content }) => text(content));
    this.operator = all(message, ofNode.operator).map(({ content }) => text(content))[0] ?? '';
  }

  /** Undefined where it is not set. */
  integers(name: string): number[] | undefined {
    return this.attribute(name)
      ?.filter(({ number }) => number === ofAttribute.integers)
      .flatMap(numbersIn);
  }

  /** Undefined where it is not set. */
  integer(name: string): number | undefined {
    return this.attribute(name)?.find(({ number }) => number === ofAttribute.integer)?.value;
  }

  /** Of a constant. */
  tensor(): Uint8Array | undefined {
    return this.attribute('value')?.find(({ number }) => number === ofAttribute.tensor)?.content;
  }

  private attribute(name: string): Field[] | undefined {
    for (const { content } of all(this.message, ofNode.attribute)) {
      const fields = [...fieldsOf(content)];
      const named = fields.find(({ number }) => number === ofAttribute.name);
      if (named && text(named.content) === name) return fields;
    }
    return undefined;
  }
}

export interface NewNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly integers: Readonly<Record<string, number>>;
  readonly floats: Readonly<Record<string, number>>;
}

export function newNode(node: NewNode): GraphNode {
  const { integer, float } = attributeTypes;
  const attribute = (name: string, value: Uint8Array, type: number): Uint8Array =>
    joined(
      field(ofNode.attribute, [
        textField(ofAttribute.name, name),
        value,
        numberField(ofAttribute.type, type),
      ]),
    );
  return new GraphNode(
    joined([
      ...node.inputs.map((input) => textField(ofNode.input, input)),
      ...node.outputs.map((output) => textField(ofNode.output, output)),
      textField(ofNode.name, node.name),
      textField(ofNode.operator, node.operator),
      ...Object.entries(node.integers).map(([name, value]) =>
        attribute(name, numberField(ofAttribute.integer, value), integer),
      ),
      ...Object.entries(node.floats).map(([name, value]) =>
        attribute(name, floatField(ofAttribute.float, value), float),
      ),
      textField(ofNode.domain, node.domain),
    ]),
  );
}

/** An ONNX model of which the operations can be replaced; all else stays as it is, to the byte. */
export class OnnxModel {
  readonly nodes: readonly GraphNode[];
  private readonly fields: readonly Field[];
  private readonly graph: readonly Field[];
  private readonly producers: ReadonlyMap<string, GraphNode>;
  private readonly weights: ReadonlyMap<string, Uint8Array>;

  /** Throws `RangeError` when it is not one. */
  constructor(bytes: Uint8Array) {
    this.fields = [...fieldsOf(bytes)];
    this.graph = this.fields
      .filter(({ number }) => number === ofModel.graph)
      .flatMap(({ content }) => [...fieldsOf(content)]);
    this.nodes = this.ofGraph('node').map(({ content }) => new GraphNode(content));
    this.producers = new Map(this.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
    this.weights = new Map(
      this.ofGraph('initializer').map(({ content }) => [nameOfTensor(content), content]),
    );
  }

  /** The operation whose output has this name; undefined for inputs of the graph and weights. */
  producer(name: string | undefined): GraphNode | undefined {
    return name === undefined ? undefined : this.producers.get(name);
  }

  consumers(name: string | undefined): GraphNode[] {
    return this.nodes.filter(({ inputs }) => name !== undefined && inputs.includes(name));
  }

  /** Of a weight or a constant of a few numbers, with a fraction or without. Undefined for others. */
  constant(name: string | undefined): number[] | undefined {
    if (name === undefined) return undefined;
    const tensor = this.weights.get(name) ?? this.producer(name)?.tensor();
    return tensor && elementsOf(tensor);
  }

  /** Its weights lie in this file, and no operation has a graph of its own, which could use what another one makes. */
  get isSelfContained(): boolean {
    const isElsewhere = (tensor: Uint8Array): boolean =>
      all(tensor, ofTensor.location).some(({ value }) => value !== 0);
    const hasGraph = ({ operator }: GraphNode): boolean => ['If', 'Loop', 'Scan'].includes(operator);
    return ![...this.weights.values()].some(isElsewhere) && !this.nodes.some(hasGraph);
  }

  /** With these operations; those whose outputs nobody wants any more are left out. */
  with(nodes: readonly GraphNode[], domain: string): Uint8Array {
    const outputs = this.ofGraph('output').flatMap(({ content }) => all(content, ofValue.name));
    const wanted = usedBy(nodes, new Set(outputs.map(({ content }) => text(content))));
    const kept = this.graph.filter(({ number }) => number !== ofGraph.node);
    const operatorSet = [textField(ofOperatorSet.domain, domain), numberField(ofOperatorSet.version, 1)];
    return joined([
      ...this.fields.filter(({ number }) => number !== ofModel.graph).map(({ raw }) => raw),
      ...(this.imports(domain) ? [] : field(ofModel.operatorSets, operatorSet)),
      ...field(ofModel.graph, [
        ...wanted.flatMap(({ message }) => field(ofGraph.node, [message])),
        ...kept.map(({ raw }) => raw),
      ]),
    ]);
  }

  private ofGraph(what: keyof typeof ofGraph): Field[] {
    return this.graph.filter(({ number }) => number === ofGraph[what]);
  }

  private imports(domain: string): boolean {
    return this.fields
      .filter(({ number }) => number === ofModel.operatorSets)
      .some(({ content }) =>
        all(content, ofOperatorSet.domain).some((each) => text(each.content) === domain),
      );
  }
}

/** Nodes stand in the order in which they can be run, so one look from the end tells who is needed. */
function usedBy(nodes: readonly GraphNode[], outputs: Set<string>): GraphNode[] {
  const wanted = new Set(outputs);
  const used = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => wanted.has(name))) return false;
    for (const name of node.inputs) wanted.add(name);
    return true;
  });
  return used.reverse();
}

const nameOfTensor = (tensor: Uint8Array): string =>
  all(tensor, ofTensor.name).map(({ content }) => text(content))[0] ?? '';

/** More than a shape or a scale has. */
const mostElements = 16;

/** Numbers with a fraction are read where they lie as bytes, as all exporters write them. */
function elementsOf(tensor: Uint8Array): number[] | undefined {
  const fields = [...fieldsOf(tensor)];
  const of = (number: number) => fields.filter((each) => each.number === number);
  const size = of(ofTensor.dims)
    .flatMap(numbersIn)
    .reduce((product, dim) => product * dim, 1);
  if (size > mostElements) return undefined;
  const [type] = of(ofTensor.type).map(({ value }) => value);
  const raw = of(ofTensor.raw)[0]?.content ?? new Uint8Array();
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const at = Array.from({ length: size }, (_, index) => index);
  if (type === tensorTypes.integer && raw.length === size * 8)
    return at.map((index) => Number(view.getBigInt64(index * 8, true)));
  if (type === tensorTypes.float && raw.length === size * 4)
    return at.map((index) => view.getFloat32(index * 4, true));
  const integers = of(ofTensor.integers).flatMap(numbersIn);
  return type === tensorTypes.integer && integers.length === size ? integers : undefined;
}

/** A repeated number, packed or one by one. */
const numbersIn = ({ content, value }: Field): number[] =>
  content.length > 0 ? varintsIn(content) : [value];
