package io.coordinator.server.event;

/** What a {@link ServerListener} is alarmed of. More may come with later versions: let a {@code default} log them. */
public enum ServerAlarm {
    /** This replica's state is not the leader's: stop the node, and let it rejoin with an empty directory. */
    DIVERGED,
    /** A command, an expiry or a job threw, on every node alike, and was undone: please report it. */
    DEFECT
}
