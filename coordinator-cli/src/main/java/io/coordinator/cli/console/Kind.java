package io.coordinator.cli.console;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.lock.LockInspection;
import java.util.Arrays;

/** A kind of data that has names. Each kind has names of its own, which is easily forgotten. */
public enum Kind {
    VALUE("a value", "get"),
    BUILD("a build", "builds show"),
    DOCUMENT("a document", "doc get"),
    LOCK("a lock", "locks show"),
    SEMAPHORE("a semaphore", "sem show"),
    TOPIC("a durable topic", "topic show"),
    QUEUE("a queue of jobs", "queue show"),
    SCHEDULE("a schedule", "schedule show"),
    JOB("a job", "job show");

    private final String what;
    private final String command;

    Kind(String what, String command) {
        this.what = what;
        this.command = command;
    }

    /**
     * The failure of a command that found nothing of this kind, with the command that would have found something if
     * there is another kind of data of that name.
     *
     * @param nothing what there is not, such as {@code no key}
     */
    public CliException missing(CoordinatorClient client, String name, String nothing) {
        return new CliException(
                ExitCode.NOT_FOUND,
                nothing + " '" + name + "' in namespace '" + client.namespace() + "'" + hint(client, name));
    }

    private String hint(CoordinatorClient client, String name) {
        return Arrays.stream(values())
                .filter(kind -> kind != this && kind.has(client, name))
                .findFirst()
                .map(kind ->
                        "; there is " + kind.what + " of that name: coordinator " + kind.command + " '" + name + "'")
                .orElse("");
    }

    private boolean has(CoordinatorClient client, String name) {
        return switch (this) {
            case VALUE -> client.cache().has(name);
            case BUILD -> client.builds().status(name).state() != BuildStatus.State.EMPTY;
            case DOCUMENT -> client.documents().handle(name).info().isPresent();
            case LOCK -> isUsed(client.lock(name).inspect());
            case SEMAPHORE -> client.semaphore(name).inspect().exists();
            case TOPIC -> client.durableTopics().topic(name).inspect().isPresent();
            case QUEUE -> client.jobs(name).inspect().isPresent();
            case SCHEDULE -> client.schedules().get(name).isPresent();
            case JOB -> !JobSearch.find(client, name).isEmpty();
        };
    }

    private static boolean isUsed(LockInspection lock) {
        return !lock.holders().isEmpty() || lock.waiterCount() > 0;
    }
}
