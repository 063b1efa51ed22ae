import { mount } from 'svelte'
import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import App from './App.svelte'
import { openBackend } from './backend'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app')

mount(App, { target, props: { backend: await openBackend() } })
