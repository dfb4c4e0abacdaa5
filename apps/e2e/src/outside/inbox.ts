import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { engine } from '@millrace/testing';

/** Puts files where claim checks point to, as a data team does. */
export class Inbox {
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor(private readonly installation: string) {
    const s3 = engine('s3');
    if (!s3) throw new Error('there is no S3 here: npm run engines -- up');
    const { endpoint, region, bucket, accessKey: accessKeyId, secretKey: secretAccessKey } = s3;
    this.bucket = bucket;
    this.client = new S3Client({
      ...{ endpoint, region, forcePathStyle: true },
      credentials: { accessKeyId, secretAccessKey },
    });
  }

  /** @param key `inbox/TENANT/...`, as the claim check names it */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    const { bucket: Bucket, installation } = this;
    await this.client.send(new PutObjectCommand({ Bucket, Key: `${installation}/${key}`, Body: bytes }));
  }

  close(): void {
    this.client.destroy();
  }
}
