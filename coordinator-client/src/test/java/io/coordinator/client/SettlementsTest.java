package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.StartAt;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** What became of deliveries, told to a cluster that does not take everything. */
@Feature("B-25")
class SettlementsTest extends ClientFixture {
    private final List<Delivery> taken = new CopyOnWriteArrayList<>();

    /** A dead letter is a new message, for which a full state has no room. */
    @Test
    void aBurialThatIsRefusedTakesNoAcknowledgementWithIt() {
        DurableTopic topic = connect().durableTopics().topic("t");
        topic.group("g").configure(GroupOptions.defaults(), StartAt.earliest());
        for (int i = 0; i < 3; i++) {
            topic.publish(i);
        }
        topic.group("g").deliveries(ConsumeOptions.defaults()).subscribe(new Taker());
        soon().until(() -> taken.size() == 3);
        cluster.quota(1);

        node.holdReplies(true);
        CompletionStage<Boolean> first = taken.get(0).acknowledge();
        CompletionStage<Boolean> buried = taken.get(1).bury("from the test");
        CompletionStage<Boolean> last = taken.get(2).acknowledge();
        node.holdReplies(false);

        assertThat(get(first)).isTrue();
        assertThat(get(buried)).isFalse();
        assertThat(get(last)).isTrue();
    }

    private final class Taker implements Flow.Subscriber<Delivery> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Delivery delivery) {
            taken.add(delivery);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
