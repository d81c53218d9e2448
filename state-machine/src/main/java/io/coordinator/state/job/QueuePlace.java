package io.coordinator.state.job;

import io.coordinator.state.kernel.Name;

/** Which queue it is: its name, and the number by which its jobs and workers know it. */
record QueuePlace(Name name, long id) {
    private static final char SEPARATOR = '\0';

    /** In front of the rows of its jobs, and what its workers are in. */
    String owner() {
        return owner(name.namespace(), id);
    }

    static String owner(String namespace, long id) {
        return namespace + SEPARATOR + Long.toUnsignedString(id, Character.MAX_RADIX);
    }

    /** Of the row of a job. */
    String key(String jobId) {
        return owner() + SEPARATOR + jobId;
    }

    /** The owner of the job that a row is about. */
    static String ownerOf(String jobKey) {
        return jobKey.substring(0, jobKey.lastIndexOf(SEPARATOR));
    }

    /** The id of the job that a row is about. */
    static String idOf(String jobKey) {
        return jobKey.substring(jobKey.lastIndexOf(SEPARATOR) + 1);
    }

    /** Of what belongs to a job: by a number, so that it is never mistaken for what belongs to a later one. */
    static String part(String owner, long number) {
        return owner + SEPARATOR + Long.toUnsignedString(number, Character.MAX_RADIX) + SEPARATOR;
    }

    /**
     * How watchers know a job. Both names may have slashes; those of the queue, and percent signs, are escaped, or the
     * watchers of {@code mail} would hear of jobs of {@code mail/eu}. Clients do the same.
     */
    Name watched(String jobId) {
        String queue = name.name().replace("%", "%25").replace("/", "%2F");
        return Name.of(name.namespace(), queue + "/" + jobId);
    }

    /** For messages to people. */
    @Override
    public String toString() {
        return "queue " + name;
    }
}
