package io.coordinator.cli.lock;

import io.coordinator.client.lock.LossReason;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What a command runs under.
 *
 * @param what it is, for messages
 * @param variables what the command is told of it, by the names of environment variables
 * @param lost completes if it is lost
 */
record Held(String what, Map<String, String> variables, CompletionStage<LossReason> lost) {
    Held {
        variables = Map.copyOf(variables);
    }
}
