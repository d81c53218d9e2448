package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentTransaction;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** What a function was given, after the function has ended or thrown. */
@CoordinatorCluster(nodes = 1)
class EndedFunctionsTest {
    @Test
    @Feature({"C-25", "DJ-TX-1"})
    void anEditOfATransactionThatHasEndedIsRefusedInsteadOfLost(CoordinatorClient client) {
        Document document = client.documents().open("ended");
        DocumentTransaction kept = document.transaction(transaction -> {
            transaction.set("in-time", 1);
            return transaction;
        });
        assertThatThrownBy(() -> kept.set("late", 1))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("has ended");
        assertThatThrownBy(() -> kept.at("in-time").increment(1)).isInstanceOf(ValidationException.class);
        assertThat(kept.at("in-time").get(Integer.class)).contains(1);
        assertThat(document.at("in-time").get(Integer.class)).contains(1);
    }

    @Test
    @Feature({"C-25", "B-11"})
    void aFunctionOfATransactionThatThrowsAddsNothing(CoordinatorClient client) {
        Transaction transaction = client.transaction().then(writes -> writes.put("whole", 1));
        assertThatThrownBy(() -> transaction.then(writes -> {
                    writes.put("half", 1);
                    throw new IllegalStateException("from the function");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(transaction.commit().held()).isTrue();
        assertThat(client.cache().has("whole")).isTrue();
        assertThat(client.cache().has("half")).isFalse();
    }
}
