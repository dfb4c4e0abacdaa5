import type { Sendable } from './send-file.ts';

/** The files of a drop, those of dropped folders with their paths. */
export async function droppedFiles(transfer: DataTransfer): Promise<Sendable[]> {
  // The items are gone after the first wait: take all entries at once.
  const found = [...transfer.items].map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  return (await Promise.all(found.map(sendables))).flat();
}

const sendables = async (item: FileSystemEntry | File | null): Promise<Sendable[]> => {
  if (item === null) return [];
  return item instanceof File ? [named(item)] : filesOf(item);
};

const named = (file: File): Sendable => ({ file, path: file.webkitRelativePath || file.name });

export const pickedFiles = (files: FileList): Sendable[] => [...files].map(named);

/** Hidden ones are left out. */
async function filesOf(entry: FileSystemEntry): Promise<Sendable[]> {
  if (entry.name.startsWith('.')) return [];
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, '') }];
  }
  return isFolder(entry) ? (await Promise.all((await childrenOf(entry)).map(filesOf))).flat() : [];
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** A reader gives a hundred at a time, and none at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return children;
    children.push(...some);
  }
}
