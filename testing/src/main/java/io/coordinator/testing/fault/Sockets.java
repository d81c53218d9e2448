package io.coordinator.testing.fault;

import java.io.IOException;
import java.net.Socket;

/** How connections end. */
final class Sockets {
    private Sockets() {}

    /** Closes a connection with a reset, as a crash does: what it has not sent is lost. */
    static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already, or about to be: there is nothing left to do for a connection that nobody wants.
            return;
        }
    }
}
