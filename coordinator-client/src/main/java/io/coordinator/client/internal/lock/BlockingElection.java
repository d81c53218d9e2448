package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.lock.Leader;
import io.coordinator.client.lock.LeaderElection;
import io.coordinator.client.lock.LeaderListener;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.watch.Subscription;
import java.time.Duration;
import java.util.Optional;

/** An election for callers that wait. */
public record BlockingElection(ElectionCalls calls) implements LeaderElection {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public String name() {
        return calls.name();
    }

    @Override
    public Leadership campaign() {
        return Await.result(calls.campaign());
    }

    @Override
    public Leadership campaign(Object contents) {
        return Await.result(calls.campaign(contents));
    }

    @Override
    public Optional<Leadership> tryCampaign(Object contents, Duration wait) {
        return Await.result(calls.tryCampaign(contents, wait));
    }

    @Override
    public Optional<Leader> leader() {
        return Await.result(calls.leader());
    }

    @Override
    public Subscription observe(LeaderListener listener) {
        return calls.observe(listener);
    }
}
