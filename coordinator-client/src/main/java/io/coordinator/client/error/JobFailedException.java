package io.coordinator.client.error;

/**
 * The job that was awaited is dead: its attempts are used up, or its worker said that another one would fail too. What
 * its last attempt threw comes as text: no exception of another process is ever deserialized. It waits in its queue to
 * be looked into and redriven.
 */
public final class JobFailedException extends CoordinatorException {
    private final String jobCode;
    private final String jobMessage;
    private final String jobType;

    /**
     * The failure of a job's last attempt.
     *
     * @param what failed; for the message
     * @param jobCode any text; an empty one stands for {@code EHANDLER}
     * @param jobMessage may be empty
     * @param jobType may be empty
     */
    public JobFailedException(String what, String jobCode, String jobMessage, String jobType) {
        super(
                ErrorCode.EJOBFAILED,
                false,
                false,
                what + " is dead: its last attempt failed with " + codeOf(jobCode)
                        + (jobType.isEmpty() ? "" : " (" + jobType + ")") + ": " + jobMessage
                        + "; look into it, then redrive or purge it",
                null);
        this.jobCode = codeOf(jobCode);
        this.jobMessage = jobMessage;
        this.jobType = jobType;
    }

    private static String codeOf(String jobCode) {
        return jobCode.isEmpty() ? ErrorCode.EHANDLER.name() : jobCode;
    }

    /**
     * The code of its last failure: {@code EHANDLER} unless the handler chose another one, {@code LOST} if the session
     * of its worker ended, {@code TIMED_OUT} if it took too long. Not one of a fixed set.
     */
    public String jobCode() {
        return jobCode;
    }

    /** The handler's own message, at most 16 KiB of it; empty if it had none. */
    public String jobMessage() {
        return jobMessage;
    }

    /** What the worker's language calls the failure: the class name of the exception; may be empty. */
    public String jobType() {
        return jobType;
    }
}
