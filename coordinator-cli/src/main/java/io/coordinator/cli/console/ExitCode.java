package io.coordinator.cli.console;

/** What the process tells its caller. The numbers are part of the interface: scripts branch on them. */
public final class ExitCode {
    public static final int OK = 0;
    /** Anything that has no number of its own. */
    public static final int ERROR = 1;
    /** The command line, or a value in it, is wrong. */
    public static final int USAGE = 2;
    /** There is no such key, or a condition did not hold; nothing changed. */
    public static final int NOT_FOUND = 3;
    /** The time given was not enough: the call timed out, or the lock was not acquired. */
    public static final int TIMEOUT = 4;
    /** No leader, or no node could be reached. */
    public static final int NO_QUORUM = 5;
    /** The credentials are missing, wrong, or do not permit this. */
    public static final int AUTH = 6;
    /** The lock was lost while the command ran ({@code EX_TEMPFAIL} of sysexits.h). */
    public static final int LOCK_LOST = 75;
    /** The command to run under a lock is there but cannot be executed, or is not there; as shells have it. */
    public static final int CANNOT_EXECUTE = 126;

    private ExitCode() {}
}
