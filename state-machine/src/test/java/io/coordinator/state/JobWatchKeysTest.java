package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Change;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By which keys watchers know jobs: no two jobs have the same. */
@Feature("B-26")
class JobWatchKeysTest extends JobScript {
    @ParameterizedTest
    @CsvSource({
        "mail,     7,    mail/7",
        "mail,     eu/7, mail/eu/7",
        "mail/eu,  7,    mail%2Feu/7",
        "mail%2Feu, 7,   mail%252Feu/7",
        "mail/,    7,    mail%2F/7"
    })
    void aKeyTellsTheQueueAndTheJob(String queue, String id, String key) {
        session("a").send(command(queue, b -> submitting(b, newJob(id))));
        assertThat(last().changes()).extracting(Change::getKey).containsExactly(key);
    }
}
