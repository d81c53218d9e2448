package io.coordinator.testing.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection through a proxy: a thread for each direction. */
final class ProxiedConnection {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final LoopbackProxy proxy;
    private final Socket client;
    private final Socket server;
    private final Consumer<ProxiedConnection> onEnd;
    private final AtomicInteger running = new AtomicInteger(2);
    private volatile boolean lostBytes;

    ProxiedConnection(LoopbackProxy proxy, Socket client, Socket server, Consumer<ProxiedConnection> onEnd) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        this.onEnd = onEnd;
    }

    void start(String name) {
        LoopbackProxy.daemon("proxy-" + name + "-out", () -> pump(client, server, proxy.lane(Direction.TO_SERVER)))
                .start();
        LoopbackProxy.daemon("proxy-" + name + "-in", () -> pump(server, client, proxy.lane(Direction.TO_CLIENT)))
                .start();
    }

    boolean lostBytes() {
        return lostBytes;
    }

    void close() {
        Sockets.abort(client);
        Sockets.abort(server);
        onEnd.accept(this);
    }

    private void pump(Socket from, Socket to, OneWay lane) {
        try {
            copy(from.getInputStream(), to.getOutputStream(), lane);
            to.shutdownOutput();
            if (running.decrementAndGet() == 0) {
                close();
            }
        } catch (IOException e) {
            // One side is gone; the other shall know at once.
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    private void copy(InputStream in, OutputStream out, OneWay lane) throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
            if (lane.await(System.nanoTime()) == OneWay.Passage.FORWARD) {
                out.write(chunk, 0, length);
                lane.count(length);
            } else {
                lostBytes = true;
            }
        }
        // The end of the stream travels like bytes do.
        lane.await(System.nanoTime());
    }
}
