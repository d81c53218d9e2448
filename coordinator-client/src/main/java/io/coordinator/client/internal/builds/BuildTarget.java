package io.coordinator.client.internal.builds;

import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.option.Guard;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.CancelReserve;
import io.coordinator.protocol.Command;
import org.jspecify.annotations.Nullable;

/**
 * Which build, and the commands about it.
 *
 * @param guard for commands that store something, or null
 */
record BuildTarget(String namespace, String key, @Nullable Guard guard) {
    BuildCommand.Builder body() {
        return BuildCommand.newBuilder().setNamespace(namespace).setKey(key);
    }

    Command.Builder guarded(BuildCommand.Builder body) {
        Command.Builder envelope = Command.newBuilder().setBuild(body);
        if (guard != null) {
            Errors.setGuard(envelope, guard);
        }
        return envelope;
    }

    /** Not guarded: what is given up must go, whatever became of the guard. */
    Command.Builder cancel(long requestSeq) {
        return Command.newBuilder()
                .setBuild(body().setCancel(CancelReserve.newBuilder().setRequestSeq(requestSeq)));
    }

    /** As the older library says it (JC-GET-2), which calls builds a cache; then as the cluster does. */
    static KeyNotFoundException notFound(String namespace, String key) {
        return new KeyNotFoundException("Key " + key + " does not exist in cache " + namespace + ": there is no build "
                + namespace + "/" + key + ", and nobody builds it; build it, or ask later");
    }

    @Override
    public String toString() {
        return "build " + namespace + "/" + key;
    }
}
