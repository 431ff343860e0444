/** The plain baseline: one canvas, everything painted on each move, regions found by looking at each. */

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  color: string;
}

export class Naive {
  readonly canvas = document.createElement("canvas");
  readonly boxes: Box[];
  readonly image: ImageBitmap;
  view = { scale: 1, x: 0, y: 0 };

  constructor(host: HTMLElement, image: ImageBitmap, boxes: readonly Box[]) {
    this.boxes = boxes.map((box) => ({ ...box }));
    this.image = image;
    this.canvas.width = host.clientWidth;
    this.canvas.height = host.clientHeight;
    host.append(this.canvas);
    const scale = Math.min(this.canvas.width / image.width, this.canvas.height / image.height);
    this.view = { scale, x: 0, y: 0 };
  }

  paint(): void {
    const canvas = this.canvas.getContext("2d");
    if (!canvas) return;
    const { scale, x, y } = this.view;
    canvas.clearRect(0, 0, this.canvas.width, this.canvas.height);
    canvas.drawImage(this.image, x, y, this.image.width * scale, this.image.height * scale);
    for (const box of this.boxes) {
      canvas.beginPath();
      canvas.rect(box.x * scale + x, box.y * scale + y, box.width * scale, box.height * scale);
      canvas.strokeStyle = box.color;
      canvas.lineWidth = 2;
      canvas.stroke();
    }
  }

  at(x: number, y: number): Box | undefined {
    return this.boxes
      .filter((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
      .sort((a, b) => a.width * a.height - b.width * b.height)[0];
  }
}
