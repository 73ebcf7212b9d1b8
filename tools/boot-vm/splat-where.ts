// SPDX-License-Identifier: MIT
/** Where a report happened: the function of RIP, or the first frame that says something. */

/** Functions that report, unwind, wait or enter; the one below them on the stack is meant. */
const SKIP: readonly RegExp[] = [
  /^(?:dump_stack(?:_lvl|_print_info)?|show_stack|print_report|kasan_report\w*|print_address_description)/,
  /^(?:__asan_|__hwasan_|__kasan_|kasan_|kfence_|__kfence|__ubsan_|ubsan_|check_memory_region)/,
  /^(?:__warn|warn_slowpath|report_bug|handle_bug|exc_|asm_exc_|asm_sysvec_|sysvec_|do_error_trap|do_trap)/,
  /^(?:refcount_warn_saturate|__list_(?:add|del)_\w*valid\w*|fortify_panic|__fortify_panic|usercopy_abort)/,
  /^(?:panic|vpanic|__stack_chk_fail|check_panic_on_warn|oops_|die|__die|page_fault_oops|no_context|bad_area|nmi_panic)/,
  /^(?:print_(?:circular|usage|deadlock|irq|unlock|bad|lock|held)\w*|check_(?:noncircular|prev_add|irq_usage|wait_context|deadlock|usage\w*))/,
  /^(?:mark_lock|mark_usage|validate_chain|__lock_acquire|lock_acquire|lock_release|__lock_release|lockdep_\w+|debug_check_no_locks)/,
  /^(?:__might_(?:sleep|resched|fault)|__schedule_bug|spin_(?:bug|dump)|do_raw_(?:spin|read|write)_\w+|_raw_(?:spin|read|write)_\w+)/,
  /^(?:native_)?queued_(?:spin|read|write)_lock\w*|^rt_spin_lock|^(?:lock|mutex|rwsem)_spin/,
  /^(?:__)?(?:mutex_(?:un)?lock|down_(?:read|write)|up_(?:read|write)|rwsem_|rt_mutex)\w*$|^lock_sock_nested$|^__lock_sock$/,
  /^(?:__)?schedule(?:_\w+)?$|^preempt_schedule\w*$|^io_schedule\w*$|^(?:__)?wait_for_co\w+$|^__cond_resched$|^woken_wake/,
  /^(?:default_idle\w*|arch_cpu_idle|cpu_idle\w*|do_idle|cpu_startup_entry|\w*safe_halt|mwait_idle|pv_native_safe_halt|acpi_\w*idle\w*)/,
  /^(?:watchdog_timer_fn|__hrtimer_run_queues|hrtimer_interrupt|__sysvec_\w+|nmi_\w+|default_do_nmi|\w*trigger_\w*backtrace|rcu_dump_cpu_stacks)/,
  /^(?:rcu_sched_clock_irq|update_process_times|tick_\w+|print_cpu_stall|check_cpu_stall|smp_call_function\w*)/,
  /^(?:kmemleak_alloc\w*|__kmalloc\w*|kmalloc\w*|kmem_cache_alloc\w*|slab_\w+|__kmem_cache_\w+|___slab_alloc|kzalloc\w*|kfree|kfree_sensitive|kvfree)$/,
  /^(?:check_bytes_and_report|check_object|check_slab|slab_pad_check|print_trailer|object_err|(?:__)?slab_err|on_freelist|free_debug_processing|alloc_debug_processing|free_to_partial_list|__slab_free|free_consistency_checks)$/,
  /^(?:__|napi_|netdev_|__netdev_|__napi_)?alloc_skb\w*$/,
  /^(?:warn_alloc|vma_alloc_folio\w*|do_anonymous_page|dump_header|oom_kill_process|out_of_memory|__alloc_pages\w*|alloc_pages\w*|__get_free_pages|get_free_pages|___kmalloc_large_node|__folio_alloc\w*|folio_alloc\w*)/,
  /^(?:do_syscall_64|entry_SYSCALL_64\w*|x64_sys_call|__(?:x64|se|do)_sys_exit\w*|do_exit|do_group_exit|make_task_dead|rewind_stack_\w+|syscall_exit\w+)/,
  /^(?:ret_from_fork\w*|kthread|worker_thread|process_one_work|process_scheduled_works|secondary_startup_64\w*|start_secondary|common_startup_64)$/,
  /^(?:__entry_text_start|0x[0-9a-f]+)$/,
];

// `vsock_release+0x1c/0x80 [vsock]`, or decoded: `vsock_release (net/vmw_vsock/af_vsock.c:820) vsock`.
const PLACE =
  /^(?<name>[A-Za-z_][\w.$]*)(?:(?<offset>\+0x[0-9a-f]+\/0x[0-9a-f]+)|\s+\((?<file>[^()\s]+:\d+)\b)/;
const RIP = /^RIP: 0010:(?<rest>.*)/;
const FRAME = /^\s+(?<rest>[A-Za-z_][\w.$]*(?:\+0x| \().*)/;
const QUEUED = /^\s+(?:in-flight|pending): .*?\b(?:\d+(?:\(RESCUER\))?:)?(?<name>[a-z_]\w{2,})/;
const STACK_BEGIN = /^(?:Call Trace:|\s*backtrace(?: \(crc [0-9a-f]+\))?:|Preemption disabled at:)/;

/** Splits `func+0x1/0x2` or `func (file:line)`; null when the text is neither. */
function place(text: string): { name: string; shown: string } | null {
  const groups = PLACE.exec(text)?.groups;
  const name = groups?.['name'];
  if (groups === undefined || name === undefined) return null;
  return { name, shown: groups['file'] ?? `${name}${groups['offset'] ?? ''}` };
}

/** True when the function only reports, waits or enters. */
function says(name: string): boolean {
  const bare = name.replace(/\.(?:constprop|isra|part|cold)(?:\.\d+)*/g, '');
  return !SKIP.some((pattern) => pattern.test(bare));
}

/**
 * Where a report happened.
 * @param lines the report, without time stamps
 * @returns `function+0x1c/0x80`, or `file.c:12` when the trace was decoded; null when it does not say
 */
export function whereOf(lines: readonly string[]): string | null {
  // KASAN and KFENCE name the function in the title; it is the one to blame.
  for (const line of lines) {
    const named = /^BUG: (?:KASAN|KFENCE): .*? in (?<rest>\S.*)/.exec(line)?.groups?.['rest'];
    const found = named === undefined ? null : place(named);
    if (found !== null && says(found.name)) return found.shown;
  }
  let inStack = false;
  let queued: string | null = null;
  for (const line of lines) {
    const rip = RIP.exec(line)?.groups?.['rest'];
    if (rip !== undefined) {
      const found = place(rip);
      if (found !== null && says(found.name)) return found.shown;
      continue;
    }
    if (STACK_BEGIN.test(line)) {
      // A name of what disabled preemption is a clue, not the place.
      inStack = !line.startsWith('Preemption');
      continue;
    }
    queued ??= QUEUED.exec(line)?.groups?.['name'] ?? null;
    if (!inStack) continue;
    const rest = FRAME.exec(line)?.groups?.['rest'];
    const found = rest === undefined ? null : place(rest);
    if (found !== null && says(found.name)) return found.shown;
  }
  return queued;
}
