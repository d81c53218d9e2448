package io.coordinator.state.cache;

import io.coordinator.document.Meter;
import io.coordinator.protocol.CacheCondition;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.Error;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import org.jspecify.annotations.Nullable;

/** What transactions ask of entries. */
record CacheConditions(Entries entries) implements Conditional {

    @Override
    public Condition.SubjectCase subject() {
        return Condition.SubjectCase.CACHE;
    }

    @Override
    public void admit(Condition condition, Check check) {
        check.expectation(condition.getCache().getExpect());
    }

    @Override
    public boolean holds(Context at, Condition condition, Meter meter) {
        CacheCondition cache = condition.getCache();
        return Expectations.areMet(entries.get(at, name(cache).key()), cache.getExpect(), meter);
    }

    @Override
    public @Nullable Error refusal(Context at, Condition condition) {
        CacheCondition cache = condition.getCache();
        Name name = name(cache);
        return Expectations.cannotBeAsked(entries.get(at, name.key()), cache.getExpect())
                ? CacheReplies.notJson(name)
                : null;
    }

    private static Name name(CacheCondition cache) {
        return Name.of(cache.getNamespace(), cache.getKey());
    }
}
